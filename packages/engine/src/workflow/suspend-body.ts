import { parseDuration } from '../spec/duration.ts'
import { parseTime } from '../spec/time.ts'
import type { Outputs, Parameter, Template } from '../spec/workflow.ts'
import { type Body, type Host, nodeOf } from './host.ts'
import type { NodeRecord } from './nodes.ts'
import { reasonToEnd } from './reason-to-end.ts'
import { withDefaults } from './supplied-outputs.ts'
import { withChoices } from './suspend-inputs.ts'

/** A node that waits: for somebody to resume it, or for its duration. */
export class SuspendBody implements Body {
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  start(existing: NodeRecord | undefined): void {
    const { run, template } = this.#host
    const node = existing ?? this.#create()
    node.onExit = this.#host.spec.onExit
    const duration = suspendMs(template.suspend?.duration)
    if (typeof duration === 'string') {
      this.#host.failed(duration)
      return
    }
    run.countStart()
    const reason = reasonToEnd(run, node, `Stopped with strategy '${run.shutdown}'`)
    if (reason !== undefined) {
      this.#fail(node, reason)
      return
    }
    run.suspended.set(node.id, { node, end: (phase, message) => this.#end(node, phase, message) })
    if (duration === undefined) return
    const at = (parseTime(node.status.startedAt ?? '') ?? run.now) + duration
    if (at <= run.now) this.#resume(node)
    // Written times are whole seconds: all that began within one would be due in the same moment.
    else run.timer(existing ? at : run.now + duration, () => this.#resume(node))
  }

  #create(): NodeRecord {
    const { run, template } = this.#host
    const node = nodeOf(this.#host, 'Suspend')
    const inputs = withChoices(node.status.inputs)
    if (inputs !== undefined) run.nodes.set(node, 'inputs', inputs)
    const outputs = suppliedOutputs(template)
    if (outputs !== undefined) run.nodes.set(node, 'outputs', outputs)
    this.#host.created(node)
    return node
  }

  #resume(node: NodeRecord): void {
    if (node.fulfilled) return
    const { run } = this.#host
    const filled = withDefaults(node.status.outputs)
    if ('problem' in filled) {
      run.suspended.delete(node.id)
      this.#host.failed(filled.problem)
      return
    }
    run.setOutputs(node, filled.outputs)
    this.#end(node, 'Succeeded')
  }

  #fail(node: NodeRecord, message: string): void {
    this.#end(node, 'Failed', message)
  }

  #end(node: NodeRecord, phase: 'Succeeded' | 'Failed', message?: string): void {
    const { run } = this.#host
    run.suspended.delete(node.id)
    if (!node.fulfilled) run.mark(node, phase, message)
    this.#host.done(node)
  }
}

/** Undefined without one; a text says what is wrong with it. */
export function suspendMs(duration: string | number | undefined): number | undefined | string {
  if (duration === undefined || duration === '') return undefined
  const text = String(duration)
  if (/^[+-]?\d+$/.test(text)) return Number(text) * 1000
  const parsed = parseDuration(text)
  return 'error' in parsed ? `unable to parse ${text} as a duration: ${parsed.error}` : parsed.ms
}

// argo: addRawOutputFields: an output takes the default of the input of the same name.
export function suppliedOutputs(template: Template): Outputs | undefined {
  const supplied = (template.outputs?.parameters ?? []).filter(
    (parameter) => parameter.valueFrom?.supplied !== undefined,
  )
  if (supplied.length === 0) return undefined
  return { parameters: supplied.map((parameter) => withInputDefault(parameter, template)) }
}

function withInputDefault(parameter: Parameter, template: Template): Parameter {
  if (parameter.valueFrom?.default !== undefined) return parameter
  const input = template.inputs?.parameters?.find((other) => other.name === parameter.name)
  if (input?.default === undefined) return parameter
  return { ...parameter, valueFrom: { ...parameter.valueFrom, default: input.default } }
}
