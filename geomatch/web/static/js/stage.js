// The map that Folium has set up, dressed for its page: credit, controls in the reader's language, panes, base map.

import { addBasemap } from "./basemap.js";
import { say } from "./words.js";

const PANES = { areas: 350, townships: 360, rings: 370, route: 450 };

export function openStage(map, source, { name, synthetic }) {
  for (const [pane, level] of Object.entries(PANES)) map.createPane(pane).style.zIndex = level;
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution(say(synthetic ? "creditSynthetic" : "credit"));
  L.control.zoom({ position: "topright", zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut") }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", say("mapOf", { region: name }));
  addBasemap(map, source);
  return map;
}
