namespace Vsmtp.Rules.Services.Sql;

/// <summary>A statement failed; the message, most often the database's own, is for the script.</summary>
internal sealed class SqlFailedException(string message) : Exception(message)
{
    /// <param name="wanted">The highest number of a parameter.</param>
    public static void ThrowIfOther(int wanted, int given)
    {
        if (wanted != given) throw new SqlFailedException($"the statement takes {wanted} values, and {given} are given");
    }
}
