import type { KubeObject } from '@argosy/engine'
import { autoscalerPrinter } from './autoscaler-printer.ts'
import { certificatePrinter } from './certificate-printer.ts'
import { clusterPrinters } from './cluster-printers.ts'
import { type CustomColumn, customPrinter } from './custom-printer.ts'
import { eventPrinter } from './event-printer.ts'
import { networkPrinters } from './network-printers.ts'
import { podPrinter } from './pod-printer.ts'
import { columns, nameOf, type Printer } from './printer.ts'
import { storagePrinters } from './storage-printers.ts'
import { workloadPrinters } from './workload-printers.ts'

const builtIn: Readonly<Record<string, Printer>> = {
  ...clusterPrinters,
  ...networkPrinters,
  ...storagePrinters,
  ...workloadPrinters,
  CertificateSigningRequest: certificatePrinter,
  Event: eventPrinter,
  HorizontalPodAutoscaler: autoscalerPrinter,
  Pod: podPrinter,
}

/** What Kubernetes shows of kinds that it has no columns for: roles, limit ranges, definitions. */
const plain: Printer = {
  columns: columns('Name', 'Created At:date'),
  cells: (object) => [nameOf(object), object.metadata.creationTimestamp ?? null],
}

const argoColumns: Readonly<Record<string, readonly CustomColumn[]>> = {
  Workflow: [
    { name: 'Status', type: 'string', jsonPath: '.status.phase' },
    { name: 'Age', type: 'date', format: 'date-time', jsonPath: '.status.startedAt' },
    { name: 'Message', type: 'string', jsonPath: '.status.message' },
  ],
}

/** What is shown: the kind, and its definition when it is a custom one. */
export interface Shown {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly definition?: KubeObject | undefined
}

/** How the objects of a kind are shown in a table. */
export function printerOf({ group, version, kind, definition }: Shown): Printer {
  if (definition !== undefined) return customPrinter(columnsOf(definition, version))
  if (group === 'argoproj.io') return customPrinter(argoColumns[kind])
  return (Object.hasOwn(builtIn, kind) && builtIn[kind]) || plain
}

interface Definition {
  readonly spec?: {
    readonly versions?: readonly {
      readonly name: string
      readonly additionalPrinterColumns?: readonly CustomColumn[]
    }[]
  }
}

function columnsOf(definition: KubeObject, version: string): readonly CustomColumn[] | undefined {
  // The cast: a definition is validated before it is stored.
  const { spec } = definition as KubeObject & Definition
  return spec?.versions?.find(({ name }) => name === version)?.additionalPrinterColumns
}
