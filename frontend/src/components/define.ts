/** Define an element once: after an upgrade under the open page the old program goes on, and says so. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
