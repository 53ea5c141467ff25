/** A small honest `wx` for tests without a phone: storage, files and a network that answers as each test says. */

/** Put a fresh one in place. `answers(request)` gives {status, data} or throws for a network that is not there. */
export function phone(answers) {
  const stored = new Map();
  const asked = [];
  const dropped = [];
  let logins = 0;

  function settle(request, { success, fail }) {
    asked.push(request);
    Promise.resolve()
      .then(() => answers(request))
      .then(
        ({ status = 200, data = {} }) => success({ statusCode: status, data: request.file ? JSON.stringify(data) : data }),
        (error) => fail({ errMsg: `request:fail ${error.message}` }),
      );
  }

  const short = (url) => url.replace(/^.*\/api\/v1/, '');
  globalThis.wx = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getAccountInfoSync: () => ({ miniProgram: { envVersion: 'develop' } }),
    getStorageSync: (key) => (stored.has(key) ? structuredClone(stored.get(key)) : ''),
    setStorageSync: (key, value) => stored.set(key, structuredClone(value)),
    removeStorageSync: (key) => stored.delete(key),
    login: ({ success }) => success({ code: `code-${++logins}` }),
    request: (one) => settle({ method: one.method, path: short(one.url), body: one.data, header: one.header }, one),
    uploadFile: (one) => settle({ method: 'POST', path: short(one.url), file: one.filePath, header: one.header }, one),
    getFileSystemManager: () => ({
      copyFile: ({ srcPath, destPath, success, fail }) =>
        srcPath.includes('huge') ? fail({ errMsg: 'copyFile:fail the maximum size' }) : success({ destPath }),
      unlink: ({ filePath }) => dropped.push(filePath),
    }),
  };
  return { stored, asked, dropped, logins: () => logins };
}

/** A service that knows one token at a time and does what `deed` says with whoever shows it. */
export function service(deed, { token = 'good' } = {}) {
  return (request) => {
    if (request.path === '/login') return { data: { token } };
    if (request.header.Authorization !== `Bearer ${token}`) {
      return { status: 401, data: { error: { code: 'unauthorized', message: '请先登录。', fields: {} } } };
    }
    return deed(request);
  };
}
