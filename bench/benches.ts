import { archive } from './archive.ts'
import { archiveSearch } from './archive-search.ts'
import { artifacts } from './artifacts.ts'
import { chain } from './chain.ts'
import { coldCli } from './cold-cli.ts'
import { crash } from './crash.ts'
import { docker } from './docker.ts'
import { fanOut } from './fan-out.ts'
import type { Bench } from './harness/bench.ts'
import { lint } from './lint.ts'
import { logs } from './logs.ts'
import { manyItems } from './many-items.ts'
import { memory } from './memory.ts'
import { objectApi } from './object-api.ts'
import { sandbox } from './sandbox.ts'
import { server } from './server.ts'
import { size } from './size.ts'
import { start } from './start.ts'
import { store } from './store.ts'
import { tags } from './tags.ts'
import { timers } from './timers.ts'
import { ui } from './ui.ts'
import { workflowRate } from './workflow-rate.ts'

/** All benchmarks, in the order in which they run. */
export const benches: readonly Bench[] = [
  chain,
  fanOut,
  sandbox,
  docker,
  coldCli,
  size,
  memory,
  store,
  objectApi,
  server,
  start,
  crash,
  artifacts,
  workflowRate,
  archive,
  archiveSearch,
  timers,
  manyItems,
  lint,
  tags,
  logs,
  ui,
]
