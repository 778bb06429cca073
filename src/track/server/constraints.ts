/** @file The versions of everything in MLflow's private environment, so that it is the tested one. */

export const mlflowVersion = '3.17.2';

/**
 * MLflow needs a PyArrow that has no wheel for later ones. pip resolves the lists below for each of
 * these on Linux (x86-64, ARM) and on macOS (ARM); servers ran on 3.11.
 */
export const pythonVersions = ['3.10', '3.11', '3.12', '3.13', '3.14'] as const;
export type PythonVersion = (typeof pythonVersions)[number];

/** What `pip freeze` gave after `pip install mlflow`, as far as it is the same on all of them. */
const everywhere = `
aiohappyeyeballs==2.7.1 aiohttp==3.14.5 aiosignal==1.4.0 alembic==1.20.1 annotated-types==0.8.0
anyio==4.16.0 attrs==26.1.0 blinker==1.9.0 cachetools==7.3.3 certifi==2026.10.19.post1
cffi==2.1.1 charset-normalizer==3.5.3 click==8.5.1 cloudpickle==3.1.3 cryptography==50.0.2
cycler==0.12.1 databricks-sdk==0.162.0 docker==7.2.0 flask==3.1.3 flask-cors==6.0.5
frozenlist==1.8.0 gitdb==4.0.12 gitpython==3.2.1 google-auth==2.63.0 graphene==3.4.3
graphql-core==3.2.14 graphql-relay==3.2.0 gunicorn==26.2.0 h11==0.16.0 huey==3.5.4 idna==3.20
itsdangerous==2.2.0 jinja2==3.1.6 joblib==1.6.0 kiwisolver==1.5.1 mako==1.4.3 markupsafe==3.0.4
opentelemetry-api==1.45.2 opentelemetry-proto==1.45.2 opentelemetry-sdk==1.45.2
opentelemetry-semantic-conventions==0.66b2 packaging==26.4 prettytable==3.18.0 propcache==0.5.4
protobuf==7.36.2 pyarrow==25.0.1 pyasn1==0.6.5 pyasn1-modules==0.4.2 pydantic==2.14.4
pydantic-core==2.50.5 pyparsing==3.3.3 python-dateutil==2.9.0.post0 python-dotenv==1.2.4
pyyaml==6.0.4 requests==2.34.2 six==1.17.0 skops==0.16.0 smmap==5.0.3 sqlparse==0.6.1
threadpoolctl==3.8.0 typing-extensions==4.16.0 typing-inspection==0.4.5 urllib3==2.8.0
uvicorn==0.54.0 wcwidth==0.9.4 werkzeug==3.1.9 yarl==1.25.1 zipp==4.1.2
`;

/** The rest, on Python 3.11 and later. */
const later = `
annotated-doc==0.0.7 contourpy==1.3.3 fastapi==0.165.0 fonttools==4.68.0
importlib-metadata==9.1.0 matplotlib==3.11.2 multidict==7.2.1 narwhals==2.29.0 numpy==2.4.6
pandas==3.1.1 pillow==13.0.0 pycparser==3.12 scikit-learn==1.9.1 scipy==1.17.1 sqlalchemy==2.1.9
starlette==1.10.0
`;

/** The rest on Python 3.10, which newer scientific packages no longer support. */
const on310 = `
annotated-doc==0.0.6 contourpy==1.3.2 fastapi==0.162.5 fonttools==4.65.0 greenlet==3.5.6
importlib-metadata==9.0.1 matplotlib==3.10.9 multidict==7.1.0 numpy==2.2.6 pandas==2.3.3
pillow==12.3.0 pycparser==3.11 pytz==2026.6 scikit-learn==1.7.2 scipy==1.15.3 sqlalchemy==2.0.58
starlette==1.7.0 tzdata==2026.6
`;

/** Of all that is installed, MLflow's own three packages left out. */
export const constraintsFor = (python: PythonVersion): readonly string[] =>
  `${everywhere} ${python === '3.10' ? on310 : later}`.trim().split(/\s+/);
