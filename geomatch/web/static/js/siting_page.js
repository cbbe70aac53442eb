// Entry of /map/REGION/siting, fed by the service.

import "./words_siting.js";
import { SitingPage } from "./siting.js";
import { serviceStore } from "./store.js";

const settings = window.map_stage.geomatch;
new SitingPage({
  map: window.map_stage, cluster: window.marker_cluster_sites, settings, source: settings.base, store: serviceStore(settings.region),
}).start();
