// Entry of /map/REGION/standing, fed by the service.

import "./words_standing.js";
import { StandingPage } from "./standing.js";
import { serviceStore } from "./store.js";

const settings = window.map_stage.geomatch;
new StandingPage({
  map: window.map_stage, cluster: window.marker_cluster_sites, settings, source: settings.base, store: serviceStore(settings.region),
}).start();
