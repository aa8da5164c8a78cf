import { resources } from '@argosy/kube'
import { type Decided, type KeeperOptions, type Reader, startKeeper } from '@argosy/kube/workload'
import { advanceRequest, type SigningRequest, written } from './advance-request.ts'

export interface CertificateOptions extends KeeperOptions {
  /** Signs a request in PEM with the authority that the API's clients are known by. */
  readonly sign: (
    request: string,
    time: { readonly now: number; readonly seconds: number },
  ) => Promise<string>
}

const longestSeconds = 365 * 24 * 3600

/** Gives certificates to those whose requests somebody has approved, and clears old requests away. */
export function startCertificateController({
  sign,
  ...options
}: CertificateOptions): AsyncDisposable {
  const decide = async (request: SigningRequest, { now }: Reader): Promise<Decided> => {
    const next = advanceRequest(request, now)
    if (next !== 'sign') return next
    const { expirationSeconds = longestSeconds, request: text } = request.spec
    const seconds = Math.min(expirationSeconds, longestSeconds)
    const pem = await sign(Buffer.from(text, 'base64').toString('utf8'), { now, seconds })
    return written(request, { certificate: Buffer.from(pem).toString('base64') })
  }
  const resource = resources.certificateSigningRequests
  return startKeeper<SigningRequest>(
    { component: 'certificate-controller', resource, decide },
    options,
  )
}
