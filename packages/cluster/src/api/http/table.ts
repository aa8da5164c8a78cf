import type { KubeObject } from '@argosy/engine'
import type { Kind } from '../kinds.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

type Cell = string | number | boolean | null

/** How the objects of a kind are shown in a row. */
export interface Printer {
  readonly columns: readonly Column[]
  cells(object: KubeObject, now: number): readonly Cell[]
}

/** The printer of a kind at one of its versions. */
export type PrinterOf = (kind: Kind, version: string) => Printer

/** What a row carries beside its cells. */
export type Include = 'Metadata' | 'Object' | 'None'

export interface Rows {
  readonly printer: Printer
  readonly include: Include
  readonly now: number
}

interface TableMetadata {
  readonly resourceVersion?: string | undefined
  readonly continue?: string | undefined
  readonly remainingItemCount?: number | undefined
}

/** Objects as a table; without `withColumns` the columns have been said before. */
export function tableOf(
  objects: readonly KubeObject[],
  metadata: TableMetadata,
  { printer, include, now }: Rows,
  withColumns = true,
) {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: withColumns ? printer.columns : null,
    rows: objects.map((object) => ({
      cells: printer.cells(object, now),
      ...(include !== 'None' && {
        object: include === 'Object' ? object : partial(object),
      }),
    })),
  }
}

/** Nothing but the metadata. */
export function partial(object: KubeObject) {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: object.metadata,
  }
}
