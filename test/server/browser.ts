/** What a browser keeps between requests; cookies of one machine do not know ports. */
export class Browser {
  readonly cookies = new Map<string, string>()

  /** One request, without following. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#take(line)
    return response
  }

  /** Goes where it is sent, up to an answer that sends nowhere. */
  async open(url: string): Promise<{ readonly url: string; readonly response: Response }> {
    let at = url
    for (let left = 20; left > 0; left -= 1) {
      const response = await this.ask(at)
      const to = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || to === null)
        return { url: at, response }
      at = new URL(to, at).href
    }
    throw new Error(`${url} sends in circles`)
  }

  #take(line: string): void {
    const [pair = '', ...attributes] = line.split(/; */)
    const name = pair.slice(0, pair.indexOf('='))
    const expires = attributes.find((one) => /^expires=/i.test(one))?.slice('expires='.length)
    if (expires !== undefined && Date.parse(expires) < Date.now()) this.cookies.delete(name)
    else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1))
  }
}
