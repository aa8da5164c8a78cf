import { candidates } from './candidates.ts'
import { runtimeContract } from './runtime.contract.ts'

for (const candidate of await candidates()) runtimeContract(candidate)
