import { describe } from 'vitest'
import { besideContract } from './beside.contract.ts'
import { execContract } from './exec.contract.ts'
import { filesContract } from './files.contract.ts'
import { layersContract } from './layers.contract.ts'
import { lifeContract } from './life.contract.ts'
import { outputsContract } from './outputs.contract.ts'
import { programContract } from './program.contract.ts'
import { reuseContract } from './reuse.contract.ts'
import { type Candidate, workbench } from './workbench.contract.ts'

/** The promises of runtime.ts, for any implementation on a machine with a shell. */
export function runtimeContract(candidate: Candidate): void {
  const { name, unavailable } = candidate
  const title = unavailable === undefined ? name : `${name} (skipped: ${unavailable})`
  describe.skipIf(unavailable !== undefined)(title, () => {
    const bench = workbench(candidate)
    programContract(bench)
    filesContract(bench)
    outputsContract(bench)
    layersContract(bench)
    lifeContract(bench)
    execContract(bench)
    besideContract(bench)
    reuseContract(bench)
  })
}
