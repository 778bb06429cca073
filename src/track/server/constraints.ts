/** @file The versions that MLflow's private environment was tested with. */

export const mlflowVersion = '3.17.2';

/**
 * All that MLflow brings along, as pip installed it on Python 3.11; the scientific packages have no
 * such versions for Python 3.10. Where one of them cannot be had, the newest that MLflow allows is.
 */
export const constraints = `aiohttp==3.14.5
alembic==1.20.1
anyio==4.16.0
attrs==26.1.0
cachetools==7.3.3
click==8.5.1
cloudpickle==3.1.3
cryptography==50.0.2
databricks-sdk==0.162.0
docker==7.2.0
fastapi==0.165.0
Flask==3.1.3
flask-cors==6.0.5
GitPython==3.2.1
graphene==3.4.3
gunicorn==26.2.0
h11==0.16.0
huey==3.5.4
Jinja2==3.1.6
Mako==1.4.3
matplotlib==3.11.2; python_version >= "3.11"
numpy==2.4.6; python_version >= "3.11"
opentelemetry-api==1.45.2
opentelemetry-sdk==1.45.2
packaging==26.4
pandas==3.1.1; python_version >= "3.11"
protobuf==7.36.2
pyarrow==25.0.1; python_version >= "3.11"
pydantic==2.14.4
PyYAML==6.0.4
requests==2.34.2
scikit-learn==1.9.1; python_version >= "3.11"
scipy==1.17.1; python_version >= "3.11"
SQLAlchemy==2.1.9
sqlparse==0.6.1
starlette==1.10.0
urllib3==2.8.0
uvicorn==0.54.0
Werkzeug==3.1.9
`;
