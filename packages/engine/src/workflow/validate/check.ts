import type { Problem } from '../../spec/problem.ts'
import type {
  Arguments,
  Template,
  TemplateRef,
  WorkflowSpec,
  WorkflowTemplate,
} from '../../spec/workflow.ts'

/** `submit` wants every value; `lint` lets workflow parameters lack theirs and looks closer; `template` has neither. */
export type Mode = 'submit' | 'lint' | 'template'

/** What a manifest may refer to outside itself. */
export interface World {
  /** How it is said that there is no such stored template, where no server is asked. */
  readonly missing?: (ref: { readonly name: string; readonly clusterScope: boolean }) => string
  template(ref: {
    readonly name: string
    readonly clusterScope?: boolean
  }): WorkflowTemplate | undefined
  /** Whether a text is YAML; without it resource manifests are not looked into. */
  readonly isYaml?: (text: string) => boolean
}

/** One validation under way. */
export interface Check {
  readonly mode: Mode
  readonly world: World
  /** Variables known everywhere, each with its value or a placeholder; grows with every globalName. */
  readonly globals: Map<string, string>
  /** Templates whose body has been looked at, by scope and name. */
  readonly visited: Set<string>
  /** Validates the template that a step, a task or the workflow itself calls. */
  readonly visit: (call: Call, site: Site, args: Args) => Template | undefined
  /** `about` tells apart what is said of one path; by default the text itself. */
  report(place: string, chain: string, text: string, about?: string): void
  placeholder(): string
}

/** The three ways to name a template. */
export interface Call {
  readonly template?: string
  readonly templateRef?: TemplateRef
  readonly inline?: Template
}

/** Arguments that a template is called with; `fake` has a value for every input. */
export type Args = Arguments | 'fake'

/** The object whose templates an unqualified name means. */
export interface Base {
  readonly kind: 'Workflow' | 'WorkflowTemplate' | 'ClusterWorkflowTemplate'
  readonly name: string
  readonly spec: WorkflowSpec
}

/** Something in the manifest being validated, or in a stored template that it refers to. */
export interface Place {
  readonly path: string
  /** The thing itself is elsewhere; `path` is the reference to it. */
  readonly foreign: boolean
}

/** From where a template is called. */
export interface Site {
  readonly base: Base
  readonly place: Place
  /** What upstream writes before a message: the way from the entrypoint to here. */
  readonly chain: string
}

/** The path of something inside a place. */
export function within(place: Place, inside: string): string {
  return place.foreign ? place.path : `${place.path}${inside}`
}

export function placeWithin(place: Place, inside: string): Place {
  return place.foreign ? place : { path: `${place.path}${inside}`, foreign: false }
}

const prefix = '__argo__internal__placeholder-'

/** Collects problems (each once) and makes placeholders; `visit` closes the circle of the walk. */
export function newCheck(
  mode: Mode,
  world: World,
  visit: (check: Check, call: Call, site: Site, args: Args) => Template | undefined,
): Check & { readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const said = new Set<string>()
  let placeholders = 0
  const check = {
    mode,
    world,
    problems,
    globals: new Map<string, string>(),
    visited: new Set<string>(),
    visit: (call: Call, site: Site, args: Args) => visit(check, call, site, args),
    report: (path: string, chain: string, text: string, about = text) => {
      const once = `${path}\n${about}`
      if (said.has(once)) return
      said.add(once)
      problems.push({ path, message: chain + text })
    },
    placeholder: () => `${prefix}${placeholders++}`,
  }
  return check
}

/** Whether a text begins with something that is only known when the workflow runs. */
export function isPlaceholder(text: string | undefined): boolean {
  return text?.startsWith(prefix) ?? false
}

export function hasPlaceholder(text: string): boolean {
  return text.includes(prefix)
}

/** The text with every placeholder written as a letter, for checks of form. */
export function withoutPlaceholders(text: string): string {
  return text.replaceAll(/__argo__internal__placeholder-\d+/g, 'x')
}
