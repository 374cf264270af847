namespace Vsmtp.Vsl.Syntax;

internal enum BinaryOperator
{
    Or,
    And,
    Coalesce,
    BitOr,
    Xor,
    BitAnd,
    Equal,
    NotEqual,
    In,
    NotIn,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Range,
    RangeInclusive,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    ShiftLeft,
    ShiftRight,
}

internal static class BinaryOperatorExtensions
{
    /// <summary>How errors write it.</summary>
    public static string Sign(this BinaryOperator operation) => operation switch
    {
        BinaryOperator.Or => "||",
        BinaryOperator.And => "&&",
        BinaryOperator.Coalesce => "??",
        BinaryOperator.BitOr => "|",
        BinaryOperator.Xor => "^",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.In => "in",
        BinaryOperator.NotIn => "!in",
        BinaryOperator.Less => "<",
        BinaryOperator.LessEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterEqual => ">=",
        BinaryOperator.Range => "..",
        BinaryOperator.RangeInclusive => "..=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.Power => "**",
        BinaryOperator.ShiftLeft => "<<",
        _ => ">>",
    };
}
