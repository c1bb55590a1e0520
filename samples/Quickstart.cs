#:project ../src/Deeplay.CSharp
Console.WriteLine("The quickstart comes here.");
