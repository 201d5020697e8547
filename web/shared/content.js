/**
 * What authors wrote, as the server renders it. The server has cleaned it; here only what is known to be harmless is copied
 * from a document that runs nothing, so that no fault over there becomes a script over here.
 */

const HTML = `
  A B BLOCKQUOTE BR CODE DD DEL DL DT EM FIGCAPTION FIGURE H1 H2 H3 H4 H5 H6 HR I IMG LI OL P PRE S SPAN DIV STRONG
  SUB SUP TABLE TBODY TD TFOOT TH THEAD TR U UL
`;
const MATHML = `
  math mrow mi mo mn mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup munder mover
  munderover mmultiscripts mprescripts mtable mtr mtd menclose semantics
`;
const ATTRIBUTES = `
  accent accentunder alt class colspan columnalign columnlines columnspacing depth dir display displaystyle fence
  form height lang largeop linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowalign
  rowlines rowspacing rowspan rspace scope scriptlevel separator start stretchy symmetric title voffset width
`;

const elements = new Set([...words(HTML), ...words(MATHML)]);
const attributes = new Set(words(ATTRIBUTES));
const asIs = { createHTML: (text) => text, createScriptURL: (url) => url };
const policy = window.trustedTypes ? window.trustedTypes.createPolicy("tp", asIs) : asIs;

/** Return HTML of the server as a fragment of harmless elements. */
export function content(html) {
  const inert = new DOMParser().parseFromString(policy.createHTML(html), "text/html");
  const fragment = document.createDocumentFragment();
  copy(inert.body, fragment);
  return fragment;
}

/** Return the address of a script of ours for a service worker. */
export function scriptAddress(path) {
  return policy.createScriptURL(path);
}

function copy(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || !elements.has(node.nodeName)) continue;
    const made = document.createElementNS(node.namespaceURI, node.localName);
    for (const { name, value } of node.attributes) {
      if (
        attributes.has(name) ||
        (name === "src" && isOwnImage(node, value)) ||
        (name === "href" && isWebLink(node, value))
      )
        made.setAttribute(name, value);
    }
    if (made.nodeName === "A") beside(made);
    copy(node, made);
    to.append(made);
  }
}

function isWebLink(node, address) {
  return node.nodeName === "A" && /^https?:/.test(address);
}

/** Have a link open beside the page: a tap on one must not leave an exam. */
function beside(link) {
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}

function isOwnImage(node, source) {
  if (node.nodeName !== "IMG") return false;
  if (/^data:image\/(png|jpeg|gif|webp);/.test(source)) return true;
  return new URL(source, location.origin).origin === location.origin;
}

function words(text) {
  return text.trim().split(/\s+/);
}
