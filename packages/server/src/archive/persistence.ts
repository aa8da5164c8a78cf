import {
  isObject,
  type Json,
  type JsonObject,
  matchesLabelSelector,
  parseDuration,
} from '@argosy/engine'
import type { LabelMatch } from '@argosy/kube'

/** What the controller's ConfigMap says of the archive. */
export interface Persistence {
  readonly archive: boolean
  readonly isWanted: LabelMatch
  /** Undefined: for ever. */
  readonly ttlMs: number | undefined
  readonly problems: readonly string[]
}

/** `persistence` of the controller's ConfigMap: archive, archiveLabelSelector, archiveTTL. Nothing said: everything is kept. */
export function persistenceIn(controller: JsonObject): Persistence {
  const own = controller['persistence']
  const settings = isObject(own) ? own : {}
  const ttl = settings['archiveTTL']
  const ttlMs = ttl === undefined ? undefined : durationOf(String(ttl))
  const problems =
    ttl !== undefined && ttlMs === undefined
      ? [`persistence.archiveTTL: ${JSON.stringify(ttl)} is no duration as 30d or 12h`]
      : []
  return {
    archive: settings['archive'] !== false,
    isWanted: matchOf(settings['archiveLabelSelector']),
    ttlMs,
    problems,
  }
}

function durationOf(text: string): number | undefined {
  const days = /^(\d+)d$/.exec(text)?.[1]
  if (days !== undefined) return Number(days) * 86_400_000
  const parsed = parseDuration(text)
  return 'ms' in parsed ? parsed.ms : undefined
}

function matchOf(selector: Json | undefined): LabelMatch {
  return isObject(selector) ? (labels = {}) => matchesLabelSelector(selector, labels) : () => true
}
