import type { KubeObject } from '@argosy/engine'
import type { Printer } from '../parts/table/printer.ts'

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
