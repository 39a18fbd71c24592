// Gathers the icons that the mall uses into one sprite: static/icons.svg. Names come from icons.txt; shapes from
// lucide-static, but for those drawn here in drawn/ (the mall's own mark, the tiers' metals).
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const names = readFileSync("icons.txt", "utf8").split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
const source = (name) => (existsSync(`drawn/${name}.svg`) ? `drawn/${name}.svg` : `node_modules/lucide-static/icons/${name}.svg`);

function symbol(name) {
  const svg = readFileSync(source(name), "utf8").replace(/<!--.*?-->/gs, "");
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

const head = "<!-- Most shapes: Lucide, ISC licence, and Feather, MIT licence (static/vendor/lucide.LICENSE). -->";
writeFileSync("../static/icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${head}\n${[...new Set(names)].sort().map(symbol).join("\n")}\n</svg>\n`);
