namespace Vsmtp.Vsl.Evaluation.Integers;

/// <summary>What an operator does with two integers.</summary>
internal interface IIntegerOperator
{
    /// <returns>False: the result is no integer of 64 bits, or there is none.</returns>
    static abstract bool TryApply(long left, long right, out Value result);
}

internal readonly struct Adding : IIntegerOperator
{
    public static bool TryApply(long left, long right, out Value result)
    {
        var sum = unchecked(left + right);
        result = sum;
        return ((left ^ sum) & (right ^ sum)) >= 0;
    }
}

internal readonly struct Subtracting : IIntegerOperator
{
    public static bool TryApply(long left, long right, out Value result)
    {
        var difference = unchecked(left - right);
        result = difference;
        return ((left ^ right) & (left ^ difference)) >= 0;
    }
}

internal readonly struct Multiplying : IIntegerOperator
{
    public static bool TryApply(long left, long right, out Value result)
    {
        var high = Math.BigMul(left, right, out var low);
        result = low;
        return high == low >> 63;
    }
}

internal readonly struct TakingRemainder : IIntegerOperator
{
    public static bool TryApply(long left, long right, out Value result)
    {
        var isPlain = right is not (0 or -1);                  // what these two give is the slow way's to say
        result = isPlain ? left % right : 0;
        return isPlain;
    }
}

internal readonly struct Comparing<T> : IIntegerOperator
    where T : struct, IComparison
{
    public static bool TryApply(long left, long right, out Value result)
    {
        result = T.Holds(left, right);
        return true;
    }
}

internal interface IComparison
{
    static abstract bool Holds(long left, long right);
}

internal readonly struct IsLess : IComparison
{
    public static bool Holds(long left, long right) => left < right;
}

internal readonly struct IsLessOrEqual : IComparison
{
    public static bool Holds(long left, long right) => left <= right;
}

internal readonly struct IsGreater : IComparison
{
    public static bool Holds(long left, long right) => left > right;
}

internal readonly struct IsGreaterOrEqual : IComparison
{
    public static bool Holds(long left, long right) => left >= right;
}

internal readonly struct IsEqual : IComparison
{
    public static bool Holds(long left, long right) => left == right;
}

internal readonly struct IsNotEqual : IComparison
{
    public static bool Holds(long left, long right) => left != right;
}
