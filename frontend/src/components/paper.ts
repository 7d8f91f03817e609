/** Opens papers, which are pages of their own, and files. */

/**
 * A tab for a paper that is still being made: browsers open one only at once after a click. Null in apps that open none;
 * there the link takes the place of the page.
 */
export const opening = (): Window | null => window.open("about:blank", "_blank");

/** Show a paper in a tab that was opened for it, or as a link of its own; `save`: as a file. */
export function open(path: string, tab: Window | null, save = false): void {
  if (tab) {
    tab.opener = null;
    tab.location.href = path;
    return;
  }
  const anchor = document.createElement("a");
  anchor.href = path;
  anchor.target = "_blank";
  anchor.rel = "noopener";
  if (save) anchor.download = "";
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}
