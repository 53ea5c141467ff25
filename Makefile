# 家门口：只需要 make 和 Python 3.11 以上，其余的都由它准备。
# Settings pass through: make run PORT=9000 DATA=/srv/doorstep; make test ARGS="tests/rules -k vote".

.DEFAULT_GOAL := help
.PHONY: help run test check story bench kill fuzz screenshots mini compile-mini lock clean
PYTHON := .venv/bin/python
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" UV_SYSTEM_CERTS=1 \
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --universal

help: ## 列出这些命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## 准备好一切，打开演示社区：http://127.0.0.1:8000（PORT= 改端口，DATA= 改数据目录）
	@.ci/setup run
	@$(PYTHON) -m app.cli run

test: ## 跑全部测试（PostgreSQL、Valkey 和浏览器都是真的）
	@.ci/setup test
	@$(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## 检查代码：风格、类型、各层之间的规矩
	@.ci/setup test
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy app models handlers
	@$(PYTHON) -m pytest tests/test_house.py

story: ## 把一个社区的几天演一遍，并讲出来
	@.ci/setup run
	@$(PYTHON) -m tests.play

bench: ## 量一量快慢：与同一台机器上的空 Flask 相比
	@.ci/setup test
	@$(PYTHON) -m tests.bench
	@$(PYTHON) -m tests.bench_near

kill: ## 反复强行杀死进程，数一数有没有丢消息
	@.ci/setup test
	@$(PYTHON) -m tests.kill --messages 1000

fuzz: ## 用乱七八糟的输入找漏洞（SECONDS= 找多久，ONLY=callback、upload、voice 或 api 只找一处）
	@.ci/setup test
	@$(PYTHON) -m tests.fuzz $(ONLY) --seconds $(or $(SECONDS),600)

screenshots: ## 给每一屏拍照
	@.ci/setup test
	@$(PYTHON) -m tests.screenshots

mini: ## 备好小程序用到的组件：之后可以用微信开发者工具打开 miniprogram 文件夹
	@.ci/setup run
	@.ci/node app/sandbox/preview/pack.mjs miniprogram

compile-mini: mini ## 用微信官方的编译器把小程序编译一遍（要一两分钟，不用账号）
	@.ci/npm ci --ignore-scripts --loglevel=error --prefix .ci/compiler
	@.ci/node .ci/compiler/compile.cjs miniprogram

lock: ## 改过依赖之后，重新锁定版本
	@.ci/setup test
	@echo 'uv==0.13.9' | $(COMPILE) - -o .ci/uv.lock
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) pyproject.toml --group dev --constraint requirements.lock -o requirements-dev.lock
	@.ci/npm install --package-lock-only
	@.ci/npm install --package-lock-only --prefix .ci/browser
	@.ci/npm install --package-lock-only --prefix .ci/compiler

clean: ## 删掉准备好的环境和缓存（数据目录不动）
	rm -rf .venv node_modules .ci/browser/node_modules .ci/compiler/node_modules miniprogram/miniprogram_npm .pytest_cache .ruff_cache .mypy_cache .hypothesis
