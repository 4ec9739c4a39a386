// How the drawing looks: in the colours of the page, by day and by night.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const FONT = "system-ui, sans-serif";

/** The style sheet of the drawing, in the colours there are now. */
export function look() {
  const [ink, soft, paper, ground, edge, sunk, lit, accent, wrong] =
    ["ink", "soft", "paper", "ground", "edge", "sunk", "lit", "accent", "wrong"].map(colour);
  return [
    { selector: "node", style: {
      label: "data(label)", "font-family": FONT, "font-size": 13, color: ink, "text-wrap": "wrap", "text-max-width": 190,
      "text-valign": "center", shape: "round-rectangle", width: 210, height: 72,
      "background-color": paper, "border-width": 1.5, "border-color": edge,
    } },
    { selector: ".first", style: { shape: "round-rectangle", "border-width": 3 } },
    { selector: ".flow", style: { shape: "round-tag", "background-color": sunk, height: 50 } },
    { selector: ".done, .back, .exit", style: { shape: "ellipse", "background-color": sunk, width: 120, height: 50 } },
    { selector: ".heavy", style: { "border-width": 4 } },
    { selector: ".contested", style: { "border-style": "dashed", "border-width": 3 } },
    { selector: "edge", style: {
      label: "data(label)", "font-family": FONT, "font-size": 12, color: soft, "text-wrap": "wrap", "text-max-width": 190,
      "text-background-color": ground, "text-background-opacity": 0.9, "text-background-padding": 2,
      "min-zoomed-font-size": 6, width: 1.5, "line-color": edge, "target-arrow-color": edge,
      "target-arrow-shape": "triangle", "curve-style": "bezier",
    } },
    { selector: ".when", style: { "line-style": "dashed" } },
    { selector: ".out", style: { "line-color": accent, "target-arrow-color": accent, color: ink, width: 3, "z-index": 2 } },
    { selector: ".closed", style: { opacity: 0.45, color: wrong } },
    { selector: ".here", style: { "background-color": lit, "border-color": accent, "border-width": 5 } },
  ];
}
