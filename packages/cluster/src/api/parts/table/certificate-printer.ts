import type { KubeObject } from '@argosy/engine'
import { at, objectsAt, textAt } from './at.ts'
import { humanDuration } from './human-duration.ts'
import { ageOf, columns, nameOf, type Printer } from './printer.ts'

export const certificatePrinter: Printer = {
  columns: columns('Name', 'Age', 'SignerName', 'Requestor', 'RequestedDuration', 'Condition'),
  cells: (object, now) => {
    const seconds = at(object, 'spec', 'expirationSeconds')
    return [
      nameOf(object),
      ageOf(object, now),
      textAt(object, 'spec', 'signerName') || '<none>',
      textAt(object, 'spec', 'username'),
      typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>',
      conditionText(object),
    ]
  },
}

/** As kubectl has it: one decision, and what has become of it. */
function conditionText(object: KubeObject): string {
  const types = objectsAt(object, 'status', 'conditions').map((one) => textAt(one, 'type'))
  const decision = types.includes('Denied') ? 'Denied' : types.includes('Approved') && 'Approved'
  const words = [
    decision || 'Pending',
    ...(types.includes('Failed') ? ['Failed'] : []),
    ...(textAt(object, 'status', 'certificate') === '' ? [] : ['Issued']),
  ]
  return words.join(',')
}
