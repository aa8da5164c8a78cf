/** Resources that can be asked and hold nothing. */
export interface Review {
  readonly plural: string
  readonly kind: string
  readonly isNamespaced: boolean
  /** Default: they are created, and answered at once. */
  readonly verbs?: readonly string[]
}

const review = (kind: string, isNamespaced = false): Review => ({
  plural: `${kind.toLowerCase()}s`,
  kind,
  isNamespaced,
})

const read = ['get', 'list']

/** What is measured when somebody asks. */
export const measuredResources: readonly Review[] = [
  { plural: 'nodes', kind: 'NodeMetrics', isNamespaced: false, verbs: read },
  { plural: 'pods', kind: 'PodMetrics', isNamespaced: true, verbs: read },
]

export const reviewGroups: ReadonlyMap<string, readonly Review[]> = new Map([
  ['authentication.k8s.io', [review('SelfSubjectReview'), review('TokenReview')]],
  [
    'authorization.k8s.io',
    [
      review('LocalSubjectAccessReview', true),
      review('SelfSubjectAccessReview'),
      review('SelfSubjectRulesReview'),
      review('SubjectAccessReview'),
    ],
  ],
])
