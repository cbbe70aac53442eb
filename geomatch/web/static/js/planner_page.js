// Entry of /map: the planner's page, fed by the service.

import { Planner } from "./planner.js";
import { serviceStore } from "./store.js";

const settings = window.map_stage.geomatch;
new Planner({
  map: window.map_stage, cluster: window.marker_cluster_sites, settings, source: settings.base, store: serviceStore(settings.region),
}).start();
