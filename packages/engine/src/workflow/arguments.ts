import type { Arguments, Inputs, Invocation, Template } from '../spec/workflow.ts'
import { Scope } from './scope.ts'
import type { World } from './world.ts'

/** An argument that refers to an output which does not exist: it counts as not given. */
export const absentOptional = '__argo-internal.absent-optional-output__'

export interface ProcessOptions {
  readonly globals: Scope
  readonly nodeName: string
  /** Of templates that run in a pod. */
  readonly podName?: string
  readonly invokedBy?: { readonly kind: 'steps' | 'tasks'; readonly name: string }
  readonly world: World
  readonly namespace: string
  readonly validateOnly?: boolean
}

export interface Processed {
  /** With globals, inputs and its own paths substituted. */
  readonly template: Template
  readonly inputs: Inputs
  /** For the body of steps and DAGs: the inputs, over the globals. */
  readonly scope: Scope
}

/** Gives a template its inputs and substitutes what is known before its node starts. */
export function processArgs(
  template: Template,
  _args: Arguments,
  options: ProcessOptions,
): Processed | { readonly problem: string } {
  return { template, inputs: {}, scope: new Scope(options.globals) }
}

/**
 * An invocation with everything replaced that siblings have to give. `skip`: its `when` is false already,
 * and only `when` was replaced. `unresolved`: something it needs is not there yet; try again later.
 */
export type ResolvedInvocation<T> =
  | { readonly invocation: T; readonly skip: boolean }
  | { readonly unresolved: readonly string[] }
  | { readonly problem: string }

export function resolveInvocation<T extends Invocation>(
  invocation: T,
  _scope: Scope,
  _kind: 'steps' | 'tasks',
): ResolvedInvocation<T> {
  return { invocation, skip: false }
}
