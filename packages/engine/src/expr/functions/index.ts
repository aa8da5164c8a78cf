export { functionEnvironment } from './function-environment.ts'
