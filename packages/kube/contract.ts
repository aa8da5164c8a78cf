/** For tests of other packages: what every Client must do. */
export type { ClientCase, Subject } from './src/client.contract.ts'
export { clientContract } from './src/client.contract.ts'
