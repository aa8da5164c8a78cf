export { diskDriver } from './artifacts/disk.ts'
export type * from './artifacts/driver.ts'
export {
  allDrivers,
  type Drivers,
  type DriversFor,
  driverOf,
  localDrivers,
} from './artifacts/drivers.ts'
export { rawDriver } from './artifacts/raw.ts'
export { untarStream } from './artifacts/untar.ts'
export type * from './built-in.ts'
export { builtInImage } from './built-in.ts'
export { type Collected, collect, type Ended } from './collect.ts'
export { executorPrograms } from './programs.ts'
export { type Report, report } from './report.ts'
export type { Idle } from './resource/run-resource.ts'
export { type Staged, type StageSurroundings, scriptPath, stage } from './stage.ts'
export { StepError } from './step-error.ts'
