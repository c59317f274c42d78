# The course for whoever opens it in a container; docs/containers.md says how.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv
WORKDIR /build
COPY . .
# Not editable: what is installed is the wheel, which holds no solutions.
RUN UV_PROJECT_ENVIRONMENT=/opt/coursekit \
    uv sync --frozen --no-editable --no-cache --python /usr/local/bin/python
# Binder starts this program, with its own address as options.
RUN printf '%s\n' '#!/bin/sh' 'unset JUPYTERHUB_SERVICE_PREFIX' \
    'exec coursekit lab coursekit-course --no-browser -- "$@"' \
    > /opt/coursekit/bin/jupyter-lab

FROM python:3.13-slim
# Binder says by these names who works in the container.
ARG NB_USER=student
ARG NB_UID=1000
RUN useradd --create-home --uid "$NB_UID" "$NB_USER"
COPY --from=build /opt/coursekit /opt/coursekit
ENV PATH=/opt/coursekit/bin:$PATH
USER $NB_USER
WORKDIR /home/$NB_USER
EXPOSE 8888
CMD ["coursekit", "lab", "coursekit-course", "--no-browser", "--", "--ServerApp.ip=0.0.0.0"]
