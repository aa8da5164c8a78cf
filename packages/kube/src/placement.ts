/** What schedulers and nodes weigh a pod by. */
export { mayBeAt, type NodeFacts, nodePreference, wantsNode } from './placement/node-affinity.ts'
export { parseQuantity } from './placement/quantity.ts'
export type { Amounts, Capacity } from './placement/requests.ts'
export { amountsOf, podRequests, requestsOf } from './placement/requests.ts'
export type { Standing, Taint } from './placement/standing.ts'
export { isTolerated, standingOf, staySeconds, turnedAway } from './placement/standing.ts'
export { homeOfVolume, onlyOn } from './placement/volume-home.ts'
