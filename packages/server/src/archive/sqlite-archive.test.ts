import { archiveContract } from './archive.contract.ts'
import { SqliteArchive } from './sqlite-archive.ts'

archiveContract(async () => new SqliteArchive(':memory:'))
