// Parts of a page renew themselves. An answer to what a part asked before it became another one (another
// bracket was chosen meanwhile, or it left the page) comes too late and is dropped.
"use strict";
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { elt, path } = detail.requestConfig;
  const asks = elt.getAttribute("hx-get");
  if (asks !== null && (asks !== path || !elt.isConnected)) detail.shouldSwap = false;
});
