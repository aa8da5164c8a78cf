import { age } from './age.ts'
import type { Printer, PrinterOf } from './table.ts'

/** Name and age: what any object can be shown by. */
export const plainPrinterOf: PrinterOf = () => plain

const plain: Printer = {
  columns: [
    {
      name: 'Name',
      type: 'string',
      format: 'name',
      description: 'name of the object',
      priority: 0,
    },
    {
      name: 'Age',
      type: 'string',
      format: '',
      description: 'time since its creation',
      priority: 0,
    },
  ],
  cells: ({ metadata }, now) => [metadata.name ?? '', age(metadata.creationTimestamp, now)],
}
