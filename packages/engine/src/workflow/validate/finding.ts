/** Something wrong inside a template: where, and upstream's words. */
export type Finding = readonly [inside: string, text: string]
