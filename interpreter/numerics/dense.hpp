// Dense linear algebra as plain functions, compiled once: callers need not instantiate Eigen's kernels, which is most
// of what compiling an estimator costs. Sums over rows go by blocks of fixed size and are added in order, so that the
// number of threads never changes a digit.
#pragma once

#include "numerics/types.hpp"

namespace numerics {

Matrix product(const Matrix& A, const Matrix& B);    ///< A B
Vector product(const Matrix& A, const Vector& x);    ///< A x; n×k, k
Matrix crossprod(const Matrix& A, const Matrix& B);  ///< A'B; n×k and n×m give k×m, by blocks of rows
Matrix crossprod(const Matrix& A);                   ///< A'A, symmetric to the last bit
Vector crossprod(const Matrix& A, const Vector& x);  ///< A'x
/// A'diag(w)B. w: n, or empty for 1.
Matrix crossprod(const Matrix& A, const Vector& w, const Matrix& B);
/// A S A': k×n, n×n. Symmetric to the last bit when S is.
Matrix sandwich(const Matrix& A, const Matrix& S);
/// diag(w) A: each row multiplied. w: n, or empty for 1.
Matrix scale_rows(const Matrix& A, const Vector& w);
/// Rows of A added by group: G×k. codes: n values 0 … G − 1 (−1: left out).
Matrix group_sums(const Matrix& A, const Codes& codes, Index groups);

/// x with S x = B for a symmetric positive definite S (k×k). Throws core::Error "the matrix is singular" naming `what`
/// when a pivot is not above 1e-14 of the largest diagonal.
Matrix solve_spd(const Matrix& S, const Matrix& B, const char* what = "cross-products");
Matrix inverse_spd(const Matrix& S, const char* what = "cross-products");
/// x with S x = B for a symmetric positive semi-definite S (LDL'); zero pivots count as zero, as in a generalised
/// inverse.
Matrix solve_psd(const Matrix& S, const Matrix& B);
Vector solve_psd(const Matrix& S, const Vector& b);
/// x with L x = B for a lower triangular L; with L' x = B when `transposed`.
Matrix solve_lower(const Matrix& L, const Matrix& B, bool transposed = false);
/// x with A x = B for a square A, by LU with full pivoting. Throws core::Error when A is singular to 1e-14.
Matrix solve(const Matrix& A, const Matrix& B, const char* what = "system");
Matrix inverse(const Matrix& A, const char* what = "system");
/// log |det S| of a symmetric positive definite S, by Cholesky. Throws as solve_spd.
double log_det_spd(const Matrix& S, const char* what = "cross-products");
/// L with L L' = S, lower triangular. Throws as solve_spd.
Matrix cholesky(const Matrix& S, const char* what = "covariance");

struct SymmetricEigen {
  Vector values;   ///< ascending
  Matrix vectors;  ///< columns
};
SymmetricEigen symmetric_eigen(const Matrix& S);

struct Svd {
  Matrix U;       ///< n×r, r = min(n, k)
  Vector values;  ///< descending
  Matrix V;       ///< k×r
};
Svd svd(const Matrix& A);

/// Orthonormal columns that span what is orthogonal to the columns of A (n×k of full column rank): n×(n − k).
Matrix orthogonal_complement(const Matrix& A);

/// Moore–Penrose inverse of a symmetric S; eigenvalues at or below tol times the largest magnitude count as zero.
/// `rank`, when given, gets the number of the others.
Matrix pseudo_inverse(const Matrix& S, double tol = 1e-10, Index* rank = nullptr);
/// b'S⁻¹b over the rank of S (b: k): the Wald form. `rank` as above.
double quadratic_form(const Vector& b, const Matrix& S, double tol = 1e-10, Index* rank = nullptr);

}  // namespace numerics
