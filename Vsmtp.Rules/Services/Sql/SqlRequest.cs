using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>One statement and the values of its parameters <c>$1</c>, <c>$2</c>, ….</summary>
/// <param name="Parameters">Unit, booleans, numbers, strings and blobs.</param>
/// <param name="WantsRows">Rows, or how many the statement has changed.</param>
internal sealed record SqlRequest(string Text, IReadOnlyList<Value> Parameters, bool WantsRows);
