/** Where the service is, by the release channel of the mini-program. This is the one place. */
export const SERVERS = {
  develop: 'http://127.0.0.1:8000',
  trial: 'https://trial.doorstep.example',
  release: 'https://doorstep.example',
};

/** The address of the service, without a slash at its end. */
export function server(): string {
  return SERVERS[wx.getAccountInfoSync().miniProgram.envVersion];
}
