// Charts are inline SVG made of plain elements; text goes in as text.

const NAMESPACE = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A drawing that says in words what it shows; the figures stand in a table beside it. */
export function picture({ width, height, words, className = "" }, ...children) {
  return svg("svg", { class: `chart ${className}`, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words }, ...children);
}

/** Round numbers from low to high, about as many as wanted; both ends lie within. */
export function ticks(low, high, wanted = 4) {
  const rough = (high - low) / wanted;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at += 1) found.push(at * step || 0);
  return found;
}
