// As much of a browser as signing in takes: cookies, redirects, and the button of a form.

export class Browser {
  /** @type {{ name: string, value: string, path: string }[]} */
  #cookies = [];

  /**
   * Follows redirects to the last page, or until they leave the simulator's address for the relying party's.
   * @returns {Promise<{ url: URL, status?: number, html?: string }>} where it is then
   */
  async visit(address, form) {
    let url = new URL(address);
    let body = form && new URLSearchParams(form);
    for (;;) {
      if (url.hostname !== '127.0.0.1') return { url };
      const answer = await fetch(url, {
        method: body ? 'POST' : 'GET',
        body,
        redirect: 'manual',
        headers: { Accept: 'text/html', Cookie: this.#cookiesFor(url) },
      });
      answer.headers.getSetCookie().forEach((line) => this.#keep(line));
      const html = await answer.text();
      const next = answer.headers.get('location');
      if (!next) return { url, status: answer.status, html };
      url = new URL(next, url);
      body = undefined;
    }
  }

  /** Ports don't separate cookies, so the two hosts share them. */
  #cookiesFor(url) {
    return this.#cookies
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    const path = /; *path=([^;]*)/i.exec(line)?.[1] ?? '/';
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (value) this.#cookies.push({ name, value, path });
  }
}
