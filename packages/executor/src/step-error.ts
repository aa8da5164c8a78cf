/** What went wrong around a step, in words for its node's message. */
export class StepError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StepError'
  }
}
