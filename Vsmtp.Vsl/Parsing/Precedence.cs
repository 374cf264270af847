using Vsmtp.Vsl.Generated;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Parsing;

/// <summary>
/// Binding power of the binary operators (language §4): the higher, the tighter. All but <c>**</c> are left-associative.
/// </summary>
internal static class Precedence
{
    public static int Of(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Or or BinaryOperator.BitOr or BinaryOperator.Xor => 30,
        BinaryOperator.And or BinaryOperator.BitAnd => 60,
        BinaryOperator.Equal or BinaryOperator.NotEqual => 90,
        BinaryOperator.In or BinaryOperator.NotIn => 110,
        BinaryOperator.Less or BinaryOperator.LessEqual or BinaryOperator.Greater or BinaryOperator.GreaterEqual => 130,
        BinaryOperator.Coalesce => 135,
        BinaryOperator.Range or BinaryOperator.RangeInclusive => 140,
        BinaryOperator.Add or BinaryOperator.Subtract => 150,
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder => 180,
        BinaryOperator.Power => 190,
        _ => 210,
    };

    public static bool IsRightAssociative(BinaryOperator operation) => operation is BinaryOperator.Power;

    public static BinaryOperator OfToken(int token) => token switch
    {
        VslLexer.OR_OR => BinaryOperator.Or,
        VslLexer.PIPE => BinaryOperator.BitOr,
        VslLexer.CARET => BinaryOperator.Xor,
        VslLexer.AND_AND => BinaryOperator.And,
        VslLexer.AMPERSAND => BinaryOperator.BitAnd,
        VslLexer.EQUAL or VslLexer.IS => BinaryOperator.Equal,
        VslLexer.NOT_EQUAL or VslLexer.NOT => BinaryOperator.NotEqual,
        VslLexer.IN => BinaryOperator.In,
        VslLexer.LESS => BinaryOperator.Less,
        VslLexer.LESS_EQUAL => BinaryOperator.LessEqual,
        VslLexer.GREATER => BinaryOperator.Greater,
        VslLexer.GREATER_EQUAL => BinaryOperator.GreaterEqual,
        VslLexer.COALESCE => BinaryOperator.Coalesce,
        VslLexer.RANGE => BinaryOperator.Range,
        VslLexer.RANGE_INCLUSIVE => BinaryOperator.RangeInclusive,
        VslLexer.PLUS => BinaryOperator.Add,
        VslLexer.MINUS => BinaryOperator.Subtract,
        VslLexer.STAR => BinaryOperator.Multiply,
        VslLexer.SLASH => BinaryOperator.Divide,
        VslLexer.PERCENT => BinaryOperator.Remainder,
        VslLexer.POWER => BinaryOperator.Power,
        VslLexer.SHIFT_LEFT => BinaryOperator.ShiftLeft,
        VslLexer.SHIFT_RIGHT => BinaryOperator.ShiftRight,
        _ => throw new InvalidOperationException($"token {token} is no operator"),
    };

    /// <summary>The operator of <c>+=</c> and its kin.</summary>
    public static BinaryOperator OfAssignment(string sign) => sign switch
    {
        "+=" => BinaryOperator.Add,
        "-=" => BinaryOperator.Subtract,
        "*=" => BinaryOperator.Multiply,
        "/=" => BinaryOperator.Divide,
        "%=" => BinaryOperator.Remainder,
        "**=" => BinaryOperator.Power,
        "<<=" => BinaryOperator.ShiftLeft,
        ">>=" => BinaryOperator.ShiftRight,
        "&=" => BinaryOperator.BitAnd,
        "|=" => BinaryOperator.BitOr,
        _ => BinaryOperator.Xor,
    };
}
