// Entry of /map/REGION/whatif, fed by the service.

import "./words_whatif.js";
import { serviceStore } from "./store.js";
import { WhatIf } from "./whatif.js";

const settings = window.map_stage.geomatch;
new WhatIf({
  map: window.map_stage, cluster: window.marker_cluster_sites, settings, source: settings.base, store: serviceStore(settings.region),
}).start();
