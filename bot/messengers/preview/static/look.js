// How the drawing looks: in the colours of the page, by day and by night.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const FONT = "system-ui, sans-serif";

/** The style sheet of the drawing, in the colours there are now. */
export function look() {
  const [ink, soft, paper, ground, edge, sunk, lit, accent, wrong] =
    ["ink", "soft", "paper", "ground", "edge", "sunk", "lit", "accent", "wrong"].map(colour);
  return [
    { selector: "node", style: {
      label: "data(label)", "font-family": FONT, "font-size": 13, color: ink, "text-wrap": "wrap",
      "text-valign": "center", shape: "round-rectangle", width: "data(width)", height: "data(height)",
      "background-color": paper, "border-width": 1.5, "border-color": edge,
    } },
    { selector: ".box", style: { "text-max-width": 180 } },
    { selector: ".first", style: { "border-width": 3 } },
    { selector: ".heavy", style: { "border-width": 4 } },
    { selector: ".contested", style: { "border-style": "dashed", "border-width": 3 } },
    { selector: ".sign", style: {
      "font-size": 11, "text-max-width": 128, "text-overflow-wrap": "anywhere", color: soft, "background-color": sunk,
      "border-width": 1, "min-zoomed-font-size": 5,
    } },
    { selector: "edge", style: {
      label: "data(label)", "font-family": FONT, "font-size": 12, color: soft, "text-wrap": "wrap", "text-max-width": 190,
      "text-background-color": ground, "text-background-opacity": 0.9, "text-background-padding": 2,
      "min-zoomed-font-size": 6, width: 1.5, "line-color": edge, "target-arrow-color": edge,
      "target-arrow-shape": "triangle", "curve-style": "round-segments", "segment-weights": "data(along)",
      "segment-distances": "data(beside)", "edge-distances": "node-position",
      "segment-radii": 20, "radius-type": "influence-radius",
      "source-endpoint": "data(leave)", "target-endpoint": "data(enter)",
    } },
    { selector: "edge.when", style: { "line-style": "dashed" } },
    { selector: ".sign.when", style: { "border-style": "dashed" } },
    { selector: "edge.out", style: { "line-color": accent, "target-arrow-color": accent, color: ink, width: 3, "z-index": 2 } },
    { selector: ".sign.out", style: { "border-color": accent, "border-width": 2, color: ink } },
    { selector: "edge.closed", style: { opacity: 0.6, color: wrong } },
    { selector: ".sign.closed", style: { opacity: 0.6 } },
    { selector: ".box.far", style: { label: "data(id)", "font-size": 28, "text-overflow-wrap": "anywhere" } },
    { selector: "edge.far", style: { width: 5 } },
    { selector: ".here", style: { "background-color": lit, "border-color": accent, "border-width": 5 } },
  ];
}
