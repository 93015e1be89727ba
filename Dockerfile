# A program image: docker build -t moontide . && docker run -it -v "$PWD:/work" -w /work moontide
FROM debian:12 AS build
WORKDIR /src
COPY scripts scripts
RUN scripts/dev/install_packages build
COPY . .
RUN cmake --preset release -DMOONTIDE_TESTS=OFF && cmake --build build/release && cmake --install build/release --prefix /usr/local

FROM debian:12
COPY --from=build /src/scripts /src/scripts
# The program needs the shared libraries and gnuplot of the same list.
RUN /src/scripts/dev/install_packages run && rm -rf /src
COPY --from=build /usr/local/bin/moontide /usr/local/bin/moontide
ENTRYPOINT ["moontide"]
