/**
 * WeChat's own compiler over the mini-program, without an account and without the network: what it refuses, an upload
 * would refuse as well. The limits that the platform would answer with are written here.
 *
 *     node compile.cjs <folder with project.config.json>
 */
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const ci = require("miniprogram-ci");

const root = path.resolve(process.argv[2]);
const LIMITS = {
  platform: false,
  appType: 0,
  isSandbox: false,
  released: false,
  setting: {
    MaxCodeSize: 2048,
    MaxSubpackageSubCodeSize: 2048,
    MaxSubpackageFullCodeSize: 30720,
    NavigateMiniprogramLimit: 10,
    MaxSubPackageLimit: 100,
    MinTabbarCount: 2,
    MaxTabbarCount: 5,
    MaxTabbarIconSize: 40,
  },
};

async function main() {
  const box = fs.mkdtempSync(path.join(os.tmpdir(), "doorstep-compile-"));
  try {
    const key = path.join(box, "none.key");
    fs.writeFileSync(key, "none");
    const { appid } = JSON.parse(fs.readFileSync(path.join(root, "project.config.json"), "utf8"));
    const project = new ci.Project({
      appid,
      type: "miniProgram",
      projectPath: root,
      privateKeyPath: key,
      ignores: ["node_modules/**/*"],
    });
    project._attr = LIMITS;
    project.attr = async () => LIMITS;
    const start = Date.now();
    const zip = path.join(box, "out.zip");
    await ci.getCompiledResult(
      { project, desc: "offline", version: "0.0.0", setting: { es6: true, minify: true }, onProgressUpdate() {} },
      zip,
    );
    console.log(
      `compiled in ${((Date.now() - start) / 1000).toFixed(0)} s, ${(fs.statSync(zip).size / 1024).toFixed(0)} KiB packed`,
    );
  } finally {
    fs.rmSync(box, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(String(error.stack ?? error));
    process.exit(1);
  },
);
