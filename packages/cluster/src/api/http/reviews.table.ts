/** Resources that can be asked and hold nothing. */
export interface Review {
  readonly plural: string
  readonly kind: string
  readonly isNamespaced: boolean
}

const review = (kind: string, isNamespaced = false): Review => ({
  plural: `${kind.toLowerCase()}s`,
  kind,
  isNamespaced,
})

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
