/** @file Cholesky factors of small dense matrices: row by row in one array, lower triangles. */

/**
 * Overwrites the lower triangle of a symmetric matrix with its factor L, L·Lᵀ being the matrix.
 * False where it is not positive definite to working accuracy.
 */
export function factorise(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let column = 0; column <= row; column++) {
      const other = column * size;
      let sum = matrix[start + column] as number;
      for (let k = 0; k < column; k++) {
        sum -= (matrix[start + k] as number) * (matrix[other + k] as number);
      }
      if (column < row) matrix[start + column] = sum / (matrix[other + column] as number);
      else if (!(sum > 0)) return false;
      else matrix[start + column] = Math.sqrt(sum);
    }
  }
  return true;
}

/** Overwrites b with the solution of L·x = b. */
export function solveLower(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    let sum = vector[row] as number;
    for (let k = 0; k < row; k++) sum -= (factor[start + k] as number) * (vector[k] as number);
    vector[row] = sum / (factor[start + row] as number);
  }
}

/** Overwrites b with the solution of Lᵀ·x = b. */
export function solveUpper(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = size - 1; row >= 0; row--) {
    const start = row * size;
    const value = (vector[row] as number) / (factor[start + row] as number);
    vector[row] = value;
    for (let k = 0; k < row; k++) {
      vector[k] = (vector[k] as number) - value * (factor[start + k] as number);
    }
  }
}

/** The lower triangle of (L·Lᵀ)⁻¹, by way of L⁻¹; every inner loop runs along a row. */
export function inverse(factor: Float64Array, size: number): Float64Array {
  const lower = inverseOfLower(factor, size);
  const result = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let row = 0; row <= k; row++) {
      const scale = lower[k * size + row] as number;
      const target = row * size;
      for (let column = 0; column <= row; column++) {
        result[target + column] =
          (result[target + column] as number) + scale * (lower[k * size + column] as number);
      }
    }
  }
  return result;
}

function inverseOfLower(factor: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const start = row * size;
    const scale = 1 / (factor[start + row] as number);
    for (let k = 0; k < row; k++) {
      const weight = (factor[start + k] as number) * scale;
      const source = k * size;
      for (let column = 0; column <= k; column++) {
        result[start + column] =
          (result[start + column] as number) - weight * (result[source + column] as number);
      }
    }
    result[start + row] = scale;
  }
  return result;
}
