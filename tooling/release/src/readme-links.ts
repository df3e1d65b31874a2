/** A Markdown link or image: the exclamation mark, the text, and the address. */
const link = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g

/**
 * The README of a package with absolute links, because npm shows it without the repository around it.
 *
 * @param repository the repository's URL
 * @param directory the package's folder, such as `packages/core`
 */
export function toAbsoluteLinks(readme: string, repository: string, directory: string): string {
  return readme.replace(link, (all, mark: string, text: string, address: string) => {
    if (/^(?:[a-z]+:|#)/.test(address)) return all
    const { pathname, hash } = new URL(address, `https://repository/${directory}/README.md`)
    return `${mark}[${text}](${repository}/${mark === "" ? "blob" : "raw"}/HEAD${pathname}${hash})`
  })
}
