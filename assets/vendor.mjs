// Copies htmx, untouched, and the licences of what the mall ships into static/vendor/.
import { copyFileSync } from "node:fs";

const from = (path) => `node_modules/${path}`;
const to = (name) => `../static/vendor/${name}`;
copyFileSync(from("htmx.org/dist/htmx.min.js"), to("htmx.min.js"));
copyFileSync(from("htmx.org/LICENSE"), to("htmx.LICENSE"));
copyFileSync(from("lucide-static/LICENSE"), to("lucide.LICENSE"));
copyFileSync(from("daisyui/LICENSE"), to("daisyui.LICENSE"));
copyFileSync(from("tailwindcss/LICENSE"), to("tailwindcss.LICENSE"));
