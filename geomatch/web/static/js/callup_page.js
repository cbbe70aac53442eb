// Entry of /map/REGION/callup.

import "./words_callup.js";
import { CallupPage } from "./callup.js";

new CallupPage({ map: window.map_stage, settings: window.map_stage.geomatch }).start();
