// The page: every view that comes is shown whole, part by part.

import { showControls } from "./controls.js";
import { byId } from "./dom.js";
import { showDrawing } from "./drawing.js";
import { showMend } from "./mend.js";
import { showPhone } from "./phone.js";
import { showScreen } from "./screen.js";
import { showSource } from "./source.js";
import { showTranslations } from "./translations.js";
import { listen } from "./wire.js";

const SAID = {
  refused: "This page has no key. Open the address that the command printed.",
  gone: "The preview is not running. Start it again in the terminal.",
};

function show(view) {
  showControls(view);
  showPhone(view);
  showSource(view);
  showTranslations(view);
  showMend(view);
  showScreen(view);
  showDrawing(view);
  const shows = view.broken ? "Shows the last version that could be shown." : "Shows what is saved.";
  byId("status").textContent = view.checking ? "Checking what was saved…" : shows;
  byId("lost").textContent = "";
  const { dataset } = document.documentElement;
  dataset.edition = view.edition;
  dataset.number = view.number;
  dataset.checking = view.checking;
  delete dataset.gone;
}

listen(show, (how) => {
  byId("status").textContent = "";
  byId("lost").textContent = SAID[how];
  document.documentElement.dataset.gone = how;
});
