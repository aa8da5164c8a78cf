import { runtimeContract } from '../runtime.contract.ts'
import { dockerCandidate } from './candidate.fixture.ts'

runtimeContract(await dockerCandidate())
